"""What the installers hold and what they tell the system; `build_installer.spec` is made of it.

Runs where installers are built. The program itself never imports it, and no installer contains it.
"""
