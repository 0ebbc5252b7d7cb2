def acceptance(r):
    return "<p>"


def returned(r):
    return "<p>"
