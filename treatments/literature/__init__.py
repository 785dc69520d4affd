"""References without typing: what services and citation files say of publications, and the inbox of papers."""
