# Opens a listening socket that may be handed packets for addresses that are not the host's (IP_TRANSPARENT), or that has
# a mark, which Node cannot, and becomes the command behind it, with the socket as its file descriptor 3.
#   transparent.pl tcp|udp UID GID ADDRESS(hex) PORT MARK COMMAND...
use strict;
use Socket;

my ($protocol, $uid, $gid, $address, $port, $mark, @command) = @ARGV;
$address = pack('H*', $address);
my $v6 = length $address == 16;
$^F = 3;    # file descriptors up to this one stay open in the command

# the socket belongs to whom this process is when it makes it; the option wants root
($), $>) = ("$gid $gid", $uid);
socket(my $s, $v6 ? AF_INET6 : AF_INET, $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0) or die "socket: $!";
($>, $)) = (0, "0 0");
fileno $s == 3 or die 'not file descriptor 3';
setsockopt($s, SOL_SOCKET, SO_REUSEADDR, pack('i', 1)) or die "reuse: $!";
setsockopt($s, SOL_SOCKET, 36, pack('i', $mark)) or die "mark: $!" if $mark;
setsockopt($s, 0, 19, pack('i', 1)) or die "transparent: $!" unless $v6;
if ($v6) {
    setsockopt($s, 41, 75, pack('i', 1)) or die "transparent: $!";
    setsockopt($s, 41, 26, pack('i', 1)) or die "v6 only: $!";
}
bind($s, $v6 ? pack_sockaddr_in6($port, $address) : pack_sockaddr_in($port, $address)) or die "bind: $!";
exec @command or die "exec: $!";
