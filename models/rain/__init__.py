"""Rain: what gauges and radars report, and the sums of windows."""
