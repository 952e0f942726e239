"""The artists' web application: listen to drafts, look at them, fix them and sign them off."""
