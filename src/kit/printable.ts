/**
 * Characters that a terminal or an editor acts on in place of showing them: control characters (C0, DEL, C1), separators
 * of lines and paragraphs, and the marks that change the direction of text (CVE-2021-42574), by which a text from
 * elsewhere could be read as another one.
 */
const acting = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Cs}]/gu

/** A colour code as reports write them, or an acting character. */
const colourOrActing = new RegExp(`\\u001b\\[[\\d;]*m|${acting.source}`, 'gu')

/** Text from outside on one line: line breaks and tabs become a space, other acting characters their code: `\x1b`. */
export function printable(text: string): string {
  return text.replace(/\s*[\n\r\t]+\s*/g, ' ').replace(acting, code)
}

/** Text of several lines; `colour` keeps colour codes. */
export function printableLines(text: string, { colour }: { readonly colour: boolean }): string {
  return text.replace(colour ? colourOrActing : acting, (found, at: number) => {
    // CSV ends its lines with CR LF.
    const layout = found === '\n' || found === '\t' || (found === '\r' && text[at + 1] === '\n')
    return layout || found.length > 1 ? found : code(found)
  })
}

/** The same value with every text in it on one printable line, names of fields included. */
export function printableTexts<Value>(value: Value): Value {
  return mapped(value) as Value
}

/** JSON to print: characters that JSON leaves as they are and a terminal acts on are escaped, which changes no value. */
export function printableJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2)
  return json.replace(acting, (found) => (found === '\n' ? found : unicode(found)))
}

function mapped(value: unknown): unknown {
  if (typeof value === 'string') return printable(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(mapped)
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [printable(name), mapped(inside)]),
  )
}

function code(character: string): string {
  const number = character.charCodeAt(0)
  return number < 0x100 ? `\\x${hex(number, 2)}` : unicode(character)
}

function unicode(character: string): string {
  return `\\u${hex(character.charCodeAt(0), 4)}`
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0')
}
