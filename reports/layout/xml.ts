/** Text between tags or quotes, in XML and HTML alike. */
export function xml(text: string): string {
  return xmlCharacters(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** XML 1.0 has no way to write most control characters, so they go; so do DEL, C1 and marks of direction. */
export function xmlCharacters(text: string): string {
  return text
    .replace(/[^\n\t\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '')
}
