"""The Batken demo: real places, demo offices and accounts. Loading it again changes nothing."""
