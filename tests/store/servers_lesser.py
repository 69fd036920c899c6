#!/usr/bin/env python3
"""A server with less: passes everything on to a stand-alone server, but refuses validators, collMod
and transactions the way servers do that lack them. Prints its port, then serves until it is killed.

    servers_lesser.py PORT_OF_THE_SERVER
"""

import socket
import sys
import threading

sys.dont_write_bytecode = True
import servers_wire as wire  # noqa: E402

NOT_IMPLEMENTED = 238
UNKNOWN_FIELD = 40415


def refusal(command):
    if command is None:
        return None
    if "startTransaction" in command:
        return UNKNOWN_FIELD, "BSON field 'startTransaction' is an unknown field."
    if "collMod" in command:
        return NOT_IMPLEMENTED, "Command collMod is not implemented."
    if "create" in command and "validator" in command:
        return NOT_IMPLEMENTED, "create: support for field \"validator\" is not implemented yet"
    return None


def copy(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        pass
    finally:
        for sock in (source, target):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve(client, port):
    server = socket.create_connection(("127.0.0.1", port))
    threading.Thread(target=copy, args=(server, client), daemon=True).start()
    try:
        while message := wire.receive_message(client):
            request, command = wire.command_of(message)
            refused = refusal(command)
            if refused:
                answer = {"ok": 0.0, "errmsg": refused[1], "code": refused[0]}
                client.sendall(wire.reply_to(request, answer))
            else:
                server.sendall(message)
    except OSError:
        pass
    finally:
        server.close()
        client.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, int(sys.argv[1])), daemon=True).start()


if __name__ == "__main__":
    main()
