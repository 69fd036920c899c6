#!/usr/bin/env python3
"""A server that refuses: passes on to a real one what it does not refuse. Prints its port, then
serves until it is killed.

    servers_lesser.py PORT_OF_THE_SERVER lesser|strict

A lesser one refuses validators, collMod and transactions the way servers do that lack them, a strict
one every write that does not ask for a majority and the journal.
"""

import socket
import sys
import threading

sys.dont_write_bytecode = True
import servers_wire as wire  # noqa: E402

NOT_IMPLEMENTED = 238
UNKNOWN_FIELD = 40415
UNSATISFIABLE = 100
WRITES = ("insert", "update", "delete", "findAndModify", "create", "createIndexes",
          "commitTransaction")


def lesser(command):
    if "startTransaction" in command:
        return UNKNOWN_FIELD, "BSON field 'startTransaction' is an unknown field."
    if "collMod" in command:
        return NOT_IMPLEMENTED, "Command collMod is not implemented."
    if "create" in command and "validator" in command:
        return NOT_IMPLEMENTED, "create: support for field \"validator\" is not implemented yet"
    return None


def strict(command):
    name, concern = next(iter(command)), command.get("writeConcern") or {}
    if name not in WRITES or command.get("autocommit") is False and name != "commitTransaction":
        return None
    if concern.get("w") == "majority" and concern.get("j") is True:
        return None
    return UNSATISFIABLE, f"{name} does not ask for a majority and the journal"


REFUSALS = {"lesser": lesser, "strict": strict}


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


def serve(client, port, refusal):
    server = socket.create_connection(("127.0.0.1", port))
    threading.Thread(target=copy, args=(server, client), daemon=True).start()
    try:
        while message := wire.receive_message(client):
            request, command = wire.command_of(message)
            refused = refusal(command) if command else None
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
    port, refusal = int(sys.argv[1]), REFUSALS[sys.argv[2]]
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, port, refusal), daemon=True).start()


if __name__ == "__main__":
    main()
