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

/** The same for a screen without UTF-8; what has no likeness becomes a question mark. */
export function ascii(text: string): string {
  return text.replace(/[^\n -~]/gu, (character) => replacements[character] ?? '?')
}
