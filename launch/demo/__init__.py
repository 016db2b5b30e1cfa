"""``launch demo``: the product on a rulebook of short clocks, and a made-up day that is played into it over HTTP.

``command`` what can be chosen; ``house`` a directory of its own; ``play`` opening and life; ``scenes`` what happens;
``stage`` people at their desks; ``tables`` every word that is said, and how often what happens.
"""
