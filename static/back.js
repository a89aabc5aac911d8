// A page that was drawn as the answer to a form: Back to it, or loading it again, asks for its address and sends nothing.
history.replaceState(history.state, "", location.href);
