"""Just enough of the MongoDB wire protocol to say hello, create a user and refuse a command: OP_MSG
with one document, and BSON of the types that occur in those. Standard library only."""

import socket
import ssl
import struct

OP_MSG = 2013


def encode(doc):
    body = b"".join(_element(str(key), value) for key, value in doc.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def _element(key, value):
    name = key.encode() + b"\0"
    if isinstance(value, bool):
        return b"\x08" + name + (b"\x01" if value else b"\x00")
    if isinstance(value, int):
        return b"\x10" + name + struct.pack("<i", value)
    if isinstance(value, float):
        return b"\x01" + name + struct.pack("<d", value)
    if isinstance(value, str):
        text = value.encode() + b"\0"
        return b"\x02" + name + struct.pack("<i", len(text)) + text
    if isinstance(value, dict):
        return b"\x03" + name + encode(value)
    if isinstance(value, list):
        return b"\x04" + name + encode(dict(enumerate(value)))
    raise TypeError(f"cannot encode {key}: {type(value).__name__}")


def decode(data, at=0):
    """The document that begins at data[at]; types we have no use for come as None."""
    end = at + struct.unpack_from("<i", data, at)[0] - 1
    at += 4
    doc = {}
    while at < end:
        kind = data[at]
        stop = data.index(b"\0", at + 1)
        key = data[at + 1 : stop].decode("utf-8", "replace")
        doc[key], at = _value(kind, data, stop + 1)
    return doc


def _value(kind, data, at):
    if kind in (0x02, 0x0D, 0x0E):
        size = struct.unpack_from("<i", data, at)[0]
        return data[at + 4 : at + 3 + size].decode("utf-8", "replace"), at + 4 + size
    if kind in (0x03, 0x04):
        size = struct.unpack_from("<i", data, at)[0]
        inner = decode(data, at)
        return (list(inner.values()) if kind == 0x04 else inner), at + size
    if kind == 0x05:
        return None, at + 5 + struct.unpack_from("<i", data, at)[0]
    if kind == 0x08:
        return bool(data[at]), at + 1
    if kind == 0x10:
        return struct.unpack_from("<i", data, at)[0], at + 4
    if kind in (0x09, 0x12):
        return struct.unpack_from("<q", data, at)[0], at + 8
    if kind == 0x01:
        return struct.unpack_from("<d", data, at)[0], at + 8
    sizes = {0x06: 0, 0x07: 12, 0x0A: 0, 0x11: 8, 0x13: 16, 0x7F: 0, 0xFF: 0}
    if kind not in sizes:
        raise ValueError(f"BSON type {kind:#x}")
    return None, at + sizes[kind]


def receive_exactly(sock, count):
    data = b""
    while len(data) < count:
        piece = sock.recv(count - len(data))
        if not piece:
            raise ConnectionError("closed in mid-message")
        data += piece
    return data


def receive_message(sock):
    """One whole message as bytes, header included; b"" when the peer has closed."""
    first = sock.recv(4)
    if not first:
        return b""
    head = first + receive_exactly(sock, 4 - len(first))
    return head + receive_exactly(sock, struct.unpack("<i", head)[0] - 4)


def command_of(message):
    """(request id, command document) of an OP_MSG; the document is None for anything else."""
    _, request, _, opcode = struct.unpack_from("<iiii", message)
    if opcode != OP_MSG:
        return request, None
    flags = struct.unpack_from("<I", message, 16)[0]
    at, end = 20, len(message) - (4 if flags & 1 else 0)
    while at < end:
        kind = message[at]
        if kind == 0:
            return request, decode(message, at + 1)
        at += 1 + struct.unpack_from("<i", message, at + 1)[0]
    return request, None


def reply_to(request, doc):
    body = struct.pack("<IB", 0, 0) + encode(doc)
    return struct.pack("<iiii", 16 + len(body), request, request, OP_MSG) + body


class Client:
    def __init__(self, port, cafile=None, timeout=10):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        if cafile:
            context = ssl.create_default_context(cafile=cafile)
            self.sock = context.wrap_socket(self.sock, server_hostname="127.0.0.1")

    def command(self, database, doc):
        body = struct.pack("<IB", 0, 0) + encode({**doc, "$db": database})
        self.sock.sendall(struct.pack("<iiii", 16 + len(body), 1, 0, OP_MSG) + body)
        message = receive_message(self.sock)
        if not message:
            raise ConnectionError("closed")
        reply = command_of(message)[1]
        if not reply or reply.get("ok") != 1:
            raise RuntimeError(f"{next(iter(doc))}: {(reply or {}).get('errmsg', 'no answer')}")
        return reply

    def close(self):
        self.sock.close()
