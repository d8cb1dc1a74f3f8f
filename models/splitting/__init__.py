"""Pages cut into sections: plain text, HTML, and sections that are already cut."""

from models.splitting.given import split_given
from models.splitting.html import split_html
from models.splitting.text import kind_of, split_text

__all__ = ["kind_of", "split_given", "split_html", "split_text"]
