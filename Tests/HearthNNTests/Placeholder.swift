import HearthNN
