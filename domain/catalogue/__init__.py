"""The catalogue of service items (B6): its versions, what differs between two, and the flows that items become."""
