/** What a platform team has made of `handbook.config.ts`: another name, release, pod, and place. */
import type { Handbook } from '../../handbook.config.ts';

export const handbook: Handbook = {
  // Its letters are text, whatever they are.
  title: 'Mesh <b>handbook</b> & more',
  description: 'How the mesh of Example carries a pod’s traffic, and what to do when it does not.',
  site: 'https://docs.example.org',
  base: '/handbooks/mesh/',
  logo: '/logo.svg',
  accent: { light: '#7a3300', dark: '#ffb37a' },
  editBase: 'https://git.example.org/handbook/edit/main/',
  lastChange: true,
  contact: { text: 'Ask the mesh team', href: 'https://chat.example.org/mesh' },
  offline: true,
  release: '1.20',
  options: {},
  pod: { name: 'checkout', address: '10.60.7.21/24', port: 8080, uid: 2000, gid: 2000 },
};
