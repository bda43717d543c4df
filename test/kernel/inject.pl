# Sends packets as they are given, byte by byte, from the network namespace and the user that it runs in. Node has no
# raw sockets. A line is one packet, and is answered by `ok` or by what went wrong:
#   link INTERFACE FRAME                            out of an interface, below IP; the other end receives it
#   raw SOURCE DESTINATION MARK DEVICE SCOPE PACKET from a socket of this process; DEVICE may be -
# Addresses, frames and packets are in hex.
use strict;
use Socket;

$| = 1;
sub link_out {
    my ($index, $frame) = @_;
    socket(my $s, 17, SOCK_RAW, 0) or return "socket: $!";
    send($s, $frame, 0, pack('SnlSCCx8', 17, 0, $index, 0, 0, 0)) // return "send: $!";
    return 'ok';
}
sub raw_out {
    my ($source, $destination, $mark, $device, $scope, $packet) = @_;
    my $v6 = length $destination == 16;
    socket(my $s, $v6 ? AF_INET6 : AF_INET, SOCK_RAW, 255) or return "socket: $!";
    if ($mark) { setsockopt($s, SOL_SOCKET, 36, pack('I', $mark)) or return "mark: $!" }
    # to a broadcast address
    setsockopt($s, SOL_SOCKET, 6, 1) or return "broadcast: $!";
    if ($device ne '-') { setsockopt($s, SOL_SOCKET, 25, $device) or return "device: $!" }
    my $end = sub { $v6 ? pack_sockaddr_in6(0, $_[0], $scope) : pack_sockaddr_in(0, $_[0]) };
    # so that the route is chosen for this source; an address that is not the host's cannot be bound to
    bind($s, $end->($source));
    # a packet that a rule drops is EPERM, one without a route ENETUNREACH: the trace tells
    send($s, $packet, 0, $end->($destination));
    return 'ok';
}
while (my $line = <STDIN>) {
    my ($kind, @words) = split ' ', $line;
    my $answer =
        $kind eq 'link' ? link_out($words[0], pack('H*', $words[1]))
      : $kind eq 'raw' ? raw_out(pack('H*', $words[0]), pack('H*', $words[1]), @words[2 .. 4], pack('H*', $words[5]))
      :                  "no such thing: $kind";
    print "$answer\n";
}
