"""The one map at the desk: layers, base maps, cards, views, print, the web map."""
