"""What the plain install leaves out, and the one way to have it: the package is in no index, so `pip install` by its
name would fetch nothing, or a stranger's."""

INSTALL = "`python3 start.py workshop` in Lexalign's folder"
