"""What the screens do, without Streamlit: each can be called and tested on its own."""
