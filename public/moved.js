// Leads on from a page that has moved, with the fragment: a link to one packet stays a link to that packet.
location.replace(document.querySelector('link[rel="canonical"]').getAttribute('href') + location.hash);
