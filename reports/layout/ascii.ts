const replacements: Readonly<Record<string, string>> = {
  '≥': '>=',
  '≤': '<=',
  '±': '+-',
  '×': 'x',
  '÷': '/',
  µ: 'u',
  '†': '*',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '·': '-',
  '∞': 'inf',
  '─': '-',
  '│': '|',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '░': '.',
  '“': '"',
  '”': '"',
  '’': "'",
  λ: 'lambda',
  σ: 'sigma',
  κ: 'kappa',
  δ: 'delta',
}

/** The text in ASCII, for terminals without UTF-8; characters without a replacement become question marks. */
export function ascii(text: string): string {
  return text.replace(/[^\n -~]/gu, (character) => replacements[character] ?? '?')
}
