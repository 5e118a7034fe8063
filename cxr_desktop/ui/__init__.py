"""The window: panes, dialogs and what they paint. Qt widgets only; engines and files stay outside."""
