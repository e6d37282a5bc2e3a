"""What happens to a packet between the printer and the scan: pens, people, paper, copiers, scanners.

Every function is determined by its arguments; chance comes in as a numpy.random.Generator. A picture is an array of
uint8, 0 black and 255 white, of rows by columns (gray), or by three more in the order blue, green, red (colour).
Lengths on paper are in points from the page's lower left corner unless a name says mm.
"""
