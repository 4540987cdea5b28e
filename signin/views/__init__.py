"""The pages of logging in, of one's own account, and of inviting people."""
