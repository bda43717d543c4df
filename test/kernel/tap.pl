# Copies what the kernel multicasts about traced packets to stdout, as it comes: nf_tables' trace group and NFLOG
# group 0 of the network namespace that it runs in. Perl because Node has no netlink sockets, and because
# perl-base is on every Debian. Each datagram is a frame: its length (32 bits, big-endian), then its bytes. A line
# on stdin is answered, when nothing is left to copy, by a frame of length 0. A lost message is the end (exit 3).
use strict;
use Socket;

my ($NETFILTER, $SOL_NETLINK, $ADD_MEMBERSHIP, $RCVBUFFORCE, $DONTWAIT) = (12, 270, 1, 33, 0x40);
my $ENOBUFS = 105;

sub netlink {
    socket(my $s, 16, SOCK_RAW, $NETFILTER) or die "netlink: $!";
    bind($s, pack('SSLL', 16, 0, 0, 0)) or die "bind: $!";
    setsockopt($s, SOL_SOCKET, $RCVBUFFORCE, pack('i', 16 << 20)) or die "buffer: $!";
    return $s;
}
sub attribute { my ($type, $value) = @_; pack('SSa*x!4', 4 + length $value, $type, $value) }
sub configure {    # one NFULNL_MSG_CONFIG message for group 0, and its answer
    my ($s, $family, $attributes) = @_;
    my $body = pack('CCn', $family, 0, 0) . $attributes;
    send($s, pack('LSSLL', 16 + length $body, 0x401, 5, 1, 0) . $body, 0) or die "nflog: $!";
    recv($s, my $answer, 4096, 0) // die "nflog: $!";
    my $error = unpack('x16l', $answer);
    $! = -$error, die "nflog: $!" if $error;
}

# One socket for both, so that they come in the order in which the kernel said them.
my $log = netlink();
configure($log, 0, attribute(1, pack('C', 1)));                    # bind
configure($log, 0, attribute(2, pack('NCx', 0xffff, 2))            # copy whole packets
                 . attribute(5, pack('N', 1)));                    # one message a datagram, at once
setsockopt($log, $SOL_NETLINK, $ADD_MEMBERSHIP, pack('i', 9)) or die "trace group: $!";

my $pipe = '';
sub out { my $bytes = shift; while (length $bytes) { my $n = syswrite(STDOUT, $bytes) // exit 0; substr($bytes, 0, $n, '') } }
sub copy {
    my $s = shift;
    while (1) {
        my $from = recv($s, my $datagram, 1 << 18, $DONTWAIT);
        if (!defined $from) { exit 3 if $! == $ENOBUFS; return }
        out(pack('N', length $datagram) . $datagram) if length $datagram;
    }
}
out(pack('N', 0));
while (1) {
    my $bits = '';
    vec($bits, fileno $_, 1) = 1 for $log, \*STDIN;
    select($bits, undef, undef, undef);
    my $asked = vec($bits, fileno STDIN, 1);
    if ($asked) { sysread(STDIN, $pipe, 4096, length $pipe) or exit 0 }
    copy($log);
    out(pack('N', 0)) while $pipe =~ s/^.*\n//;
}
