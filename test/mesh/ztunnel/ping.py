# Asks for an echo (ICMP), once, and says whether it came: Debian's ping is not everywhere.
#   ping.py ADDRESS
import socket
import struct
import sys

address = sys.argv[1]
is_v6 = ":" in address
kind, protocol = (128, "ipv6-icmp") if is_v6 else (8, "icmp")
echo = struct.pack("!BBHHH", kind, 0, 0, 0x517E, 1)
if not is_v6:
    total = sum(struct.unpack("!4H", echo))
    echo = echo[:2] + struct.pack("!H", ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF) + echo[4:]
family = socket.AF_INET6 if is_v6 else socket.AF_INET
asking = socket.socket(family, socket.SOCK_RAW, socket.getprotobyname(protocol))
asking.settimeout(2)
asking.sendto(echo, (address, 0))
try:
    while True:
        said, (who, *_) = asking.recvfrom(1024)
        if who == address and said[0 if is_v6 else (said[0] & 15) * 4] in (0, 129):
            break
    print("answered")
except TimeoutError:
    print("no answer")
