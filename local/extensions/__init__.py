"""What moto 5.2.5 lacks of the actions and attributes that our modules use, one module per service."""

def install() -> None:
    pass
