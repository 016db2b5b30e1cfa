"""One module of routes an area. A route parses, authorises and makes one call."""
