"""The edge to hardware: panels, speakers, the board and the service manager, each behind one contract."""
