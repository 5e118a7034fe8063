"""`cxr-desktop doctor`: a look at this computer, as a text to be sent to whoever helps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cxr_desktop.cli.common import check_writable, console, model_library, printing, writing
from cxr_desktop.cli.exit_codes import SOMETHING_AMISS
from cxr_desktop.storage.folders import UserFolders


def doctor(
    output: Annotated[
        Path | None, typer.Option("--output", help="Write the text to this file instead of printing it.")
    ] = None,
    catalogue: Annotated[
        Path | None, typer.Option("--catalogue", help="Another catalogue than your own.")
    ] = None,
) -> None:
    """Check this computer: versions, devices, memory, folders, catalogue, models, speed. Changes nothing."""
    if output is not None:
        check_writable(output)
    from cxr_desktop.app.check_up.examination import report  # noqa: PLC0415 - SQLAlchemy

    folders = UserFolders.of_this_user()
    with console.status("Looking at this computer") as status:
        text, all_well = report(model_library(), folders, catalogue or folders.catalogue, status.update)
    if output is None:
        with printing():
            print(text, end="")
    else:
        with writing(output) as file:
            file.write(text)
        console.print(f"Written to {output}.", markup=False)
    if not all_well:
        raise typer.Exit(SOMETHING_AMISS)
