/** How secrets are known: by a word in the name that stands before them, or by how they look. */

export const secretWords =
  'passw(?:or)?d|passphrase|secret|token|credentials?|(?:api|private|access|signing|encryption)[_-]?key';

/**
 * Values that need no name: JWT and other JSON in base64, and the keys of GitHub, GitLab, AWS, Slack, Google, npm, Stripe,
 * Vault, Docker and Hugging Face.
 */
export const secretForms =
  'eyJ[\\w+/-]{14,}={0,2}(?:\\.[\\w-]+){0,4}|gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}|(?:AKIA|ASIA)[A-Z\\d]{16}\\b|xox[abeoprs]-[\\w-]{10,}|AIza[\\w-]{35}|npm_\\w{30,}|[rs]k_live_\\w{16,}|hv[bs]\\.[\\w-]{20,}|dckr_pat_[\\w-]{20,}|hf_\\w{30,}';

/** What stands in the place of a secret. */
export const notShown = '[not shown]';

/** In the place of a part of a text, which keeps its lines. */
export const hidden = (part: string) => notShown + part.replace(/[^\n]+/g, '');

/** What is no secret, or none any more. */
export const noSecret =
  /^[\\"']{0,8}(?:secret-\d|\[not shown|<set to the key |(?:true|false|null|\d{0,9})[\\"']{0,8}$)/;
