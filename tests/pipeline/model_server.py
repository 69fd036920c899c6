"""A server that speaks as a language model's does, in three protocols, and writes what a test tells it to: by default the
draft it was given, word by word. Standard library only."""

import json
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def draft_of(user):
    """What stands between the last <draft> marks."""
    return re.findall(r"<draft>\n(.*?)\n</draft>", user, re.S)[-1].replace("< /", "</")


def section_of(user):
    return re.search(r"^Section: (.*?), of the business plan", user, re.M).group(1)


class ModelServer:
    """`write(user, number)` returns the text of an answer, or a dict: {status, body, headers} for another answer,
    {text, cut: True} for one that breaks off, {text, reason} for another end, {text, pause} for seconds between words."""

    def __init__(self, write=None):
        self.write = write or (lambda user, number: draft_of(user))
        self.asked = []  # (path, headers, body, user)
        self.lock = threading.Lock()
        self.over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def log_message(self, *args):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                user = body["messages"][-1]["content"]
                with outer.lock:
                    number = len(outer.asked)
                    outer.asked.append((self.path, dict(self.headers), body, user))
                try:
                    outer.answer(self, outer.write(user, number))
                except (BrokenPipeError, ConnectionResetError):
                    pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, said):
        said = {"text": said} if isinstance(said, str) else said
        if "status" in said:
            handler.send_response(said["status"])
            for name, value in said.get("headers", {}).items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(said.get("body", "").encode())
            return
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        kind = {"/v1/chat/completions": self.openai, "/v1/messages": self.anthropic, "/api/chat": self.ollama}[handler.path]
        for piece in kind(said):
            handler.wfile.write(piece.encode())
            handler.wfile.flush()
            if said.get("pause"):
                self.over.wait(said["pause"])
        if said.get("stall"):
            self.over.wait()
        if said.get("cut"):
            handler.connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def words(text):
        return re.findall(r"\s*\S+|\s+$", text)

    def openai(self, said):
        for word in self.words(said["text"]):
            yield "data: %s\n\n" % json.dumps({"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]})
        if said.get("cut") or said.get("stall"):
            return
        yield "data: %s\n\n" % json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": said.get("reason", "stop")}]})
        yield 'data: {"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100}}\n\ndata: [DONE]\n\n'

    def anthropic(self, said):
        yield 'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":1000,"output_tokens":1}}}\n\n'
        for word in self.words(said["text"]):
            yield "event: content_block_delta\ndata: %s\n\n" % json.dumps(
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}})
        if said.get("cut"):
            return
        yield "event: message_delta\ndata: %s\n\n" % json.dumps(
            {"type": "message_delta", "delta": {"stop_reason": said.get("reason", "end_turn")}, "usage": {"output_tokens": 100}})
        yield 'event: message_stop\ndata: {"type":"message_stop"}\n\n'

    def ollama(self, said):
        for word in self.words(said["text"]):
            yield json.dumps({"message": {"role": "assistant", "content": word}, "done": False}) + "\n"
        if not said.get("cut"):
            yield json.dumps({"message": {"content": ""}, "done": True, "done_reason": "stop", "prompt_eval_count": 1000,
                              "eval_count": 100}) + "\n"
