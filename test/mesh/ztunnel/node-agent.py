# A stand-in for istio-cni's agent: hands the network namespaces of pods to ztunnel, as pkg/zdsapi/zds.proto of Istio has it.
#   node-agent.py SOCKET UID NAMESPACE NAME ACCOUNT PID [UID NAMESPACE NAME ACCOUNT PID ...]
import os
import socket
import sys


def field(number, value):
    """A protobuf field of bytes; none here is longer than 127."""
    return bytes([number << 3 | 2, len(value)]) + value


def add(uid, namespace, name, account):
    info = field(1, name.encode()) + field(2, namespace.encode()) + field(3, account.encode())
    return field(1, field(1, uid.encode()) + field(2, info))


path, *rest = sys.argv[1:]
pods = [rest[at : at + 5] for at in range(0, len(rest), 5)]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(path)
listener.listen()
while True:
    ztunnel, _ = listener.accept()
    ztunnel.recv(1024)  # ZdsHello
    for *told, pid in pods:
        namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
        socket.send_fds(ztunnel, [add(*told)], [namespace])
        os.close(namespace)
        print(told[0], ztunnel.recv(1024), flush=True)
    ztunnel.send(field(3, b""))  # SnapshotSent
    ztunnel.recv(1024)
    ztunnel.recv(1024)  # until it ends
    ztunnel.close()
