/** A free text as iptables prints it: xtables_save_string in libxtables/xtables.c. */
export function printFreeText(text: string): string {
  if (/^[\w-]+$/.test(text)) return text;
  return `"${text.replace(/["\\']/g, '\\$&')}"`;
}
