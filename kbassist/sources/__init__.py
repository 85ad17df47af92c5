"""Where does text come from? Web sites, files and ready replies become `Document`s.

The only room that opens sockets and files for content. A source yields what it read and a reason
for whatever it could not read; a page or a file that fails never stops the rest.
"""
