import { printable } from '../kit/printable.ts'

/** Text without colour codes and oclif's pointer to the help. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one.
  return text.replace(/\u001b\[[\d;]*m/g, '').replace(/\n*See more help with --help$/, '')
}

/** Text on one printable line, without colour codes. */
export function oneLine(text: string): string {
  return printable(plainText(text)).trim()
}
