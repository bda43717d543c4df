# Dials from a socket with a mark, bound to any address (IP_TRANSPARENT), as ztunnel does and Node cannot. Says what became
# of it: answered, connected, sent, refused, reset or timed out.
#   marked.pl tcp|udp UID GID MARK FROM(hex) PORT TO(hex) PORT MILLISECONDS PAYLOAD
use strict;
use Errno qw(ECONNREFUSED ECONNRESET);
use Socket;

my ($protocol, $uid, $gid, $mark, $from, $from_port, $to, $to_port, $timeout, $payload) = @ARGV;
($from, $to) = map { pack('H*', $_) } $from, $to;
my $v6 = length $to == 16;
my $end = sub { $v6 ? pack_sockaddr_in6($_[1], $_[0]) : pack_sockaddr_in($_[1], $_[0]) };

# the socket belongs to whom this process is when it makes it; the options want root
($), $>) = ("$gid $gid", $uid);
socket(my $s, $v6 ? AF_INET6 : AF_INET, $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0) or die "socket: $!";
($>, $)) = (0, "0 0");
setsockopt($s, SOL_SOCKET, 36, pack('i', $mark)) or die "mark: $!";
setsockopt($s, $v6 ? 41 : 0, $v6 ? 75 : 19, pack('i', 1)) or die "transparent: $!";
setsockopt($s, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) or die "linger: $!";
bind($s, $end->($from, $from_port)) or die "bind: $!";

sub finish { print $_[0]; exit 0 }
sub refused { finish($! == ECONNREFUSED ? 'refused' : $! == ECONNRESET ? 'reset' : 'timed out') }

setsockopt($s, SOL_SOCKET, SO_SNDTIMEO, pack('l!l!', int($timeout / 1000), $timeout % 1000 * 1000));
connect($s, $end->($to, $to_port)) or refused();
send($s, $payload, 0) or refused();
vec(my $ready = '', fileno $s, 1) = 1;
finish($protocol eq 'tcp' ? 'connected' : 'sent') unless select($ready, undef, undef, $timeout / 1000) > 0;
defined recv($s, my $answer, 64, 0) or refused();
finish('answered');
