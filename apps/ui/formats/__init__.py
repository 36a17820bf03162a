"""How dates read in each language, where Django's own would say too little.

Its English ones put the month first, which half of the world reads as the day; and none says the zone, which
is the service's here and the device's in the console.
"""
