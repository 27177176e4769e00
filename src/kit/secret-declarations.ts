import { wordOfSecrets } from './secret-names.ts'

/** A way in which a text declares a secret. */
export interface Declaration {
  /** What is before the secret. Its group `name`, if any, must be the name of a secret; `quote` is what ends the secret. */
  readonly before: RegExp
  /** The secret, at the end of `before`; or made for a quote. */
  readonly secret: RegExp | ((quote: string) => RegExp)
  /** Whether a text is a secret at all. Default: it is. */
  readonly isSecret?: (text: string) => boolean
}

/** A name that may be that of a secret, not inside a longer one. */
const name = `(?<name>[\\w.-]{0,64}?${wordOfSecrets}[\\w-]{0,64})`
const named = `(?<![\\w.-])${name}`

/** The secret inside of quotes. */
const inside: Readonly<Record<string, RegExp>> = {
  '"': /[^"\r\n]{1,4096}/y,
  "'": /[^'\r\n]{1,4096}/y,
  '\\"': /(?:(?!\\")[^\r\n]){1,4096}/y,
  "\\'": /(?:(?!\\')[^\r\n]){1,4096}/y,
}

/** The ways in which a text declares a secret. */
export const declarations = {
  privateKey: {
    before: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/g,
    secret: /[\s\S]+?(?=-----END|$)/y,
  },
  /** `http://user:password@host`, `https://token@host`: RFC 3986, section 3.2.1. */
  userinfo: {
    before: /:\/\/(?:[^\s/@:?#'"]{0,256}:)?/g,
    secret: /[^\s/@?#'"]{1,4096}(?=@)/y,
  },
  /** `Authorization: Bearer …` of HTTP, and the same as a setting of a proxy: `Authorization "Bearer …"`. */
  authorization: {
    before:
      /\b(?:proxy-)?authorization\\?["']?(?:\s*:\s*|\s+)\\?["']?(?:(?:bearer|basic|digest|token|negotiate)\s+)?/gi,
    secret: /[^\s"'\\;][^"'\\\r\n;]*/y,
  },
  /** `Cookie: …`, and the same in JSON. */
  cookie: {
    before: /\b(?:set-)?cookie\\?["']?\s{0,9}:\s{0,9}(?:\[\s{0,9}(?=\\?["']))?\\?["']?/gi,
    secret: /[^\s"'\\][^"'\r\n\\]*/y,
  },
  /** `curl -u user:password`. */
  user: {
    before: /(?:^|\s)(?:-u\s?|--user[\s=]|--proxy-user[\s=])["']?[^\s:"']{1,256}:/g,
    secret: /[^\s"']+/y,
  },
  /** `Bearer …` and `Basic …` behind any name. */
  scheme: {
    before: /\b(?:bearer|basic)(?:\s{1,9}|%20)/gi,
    secret: /[\w.~+/=-]{8,}/y,
    // No word of a language: `Basic authentication`.
    isSecret: (text) => /[\d=]|[a-z][A-Z]/.test(text),
  },
  /** Secrets that are known by their form: of JSON (RFC 7519), GitHub, GitLab, Slack, AWS, Google, Stripe and others. */
  form: {
    before:
      /(?<![\w-])(?=eyJ|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AKIA|ASIA|AIza|[rs]k_|sk-|npm_|hv[bs]\.)/g,
    secret:
      /eyJ[\w-]{5,4096}\.[\w-]{5,4096}\.[\w-]*|(?:gh[pousr]|github_pat)_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z\d]{16}|AIza[\w-]{30,}|[rs]k_(?:live|test)_\w{10,}|sk-[\w-]{20,}|npm_\w{30,}|hv[bs]\.[\w-]{20,}/y,
  },
  /** `set-header X-Api-Key …` of a proxy. */
  directive: {
    before: new RegExp(
      `(?<![a-z\\d])(?:(?:set|add)[-_]headers?|header_up|headers?)\\s{1,9}${named}\\s{1,9}`,
      'gi',
    ),
    secret: /[^\s"';]+/y,
  },
  /** `<password>…</password>`. */
  element: { before: new RegExp(`<${named}>`, 'gi'), secret: /[^<\r\n]+/y },
  /** `"token": "…"`, `TOKEN='…'`, `password "…"`. */
  quoted: {
    before: new RegExp(
      `${named}(?:\\\\?["'])?(?:\\s{0,9}[:=]\\s{0,9}|\\s{1,9})(?<quote>\\\\?["'])`,
      'gi',
    ),
    secret: (quote) => inside[quote] as RegExp,
  },
  /** `--admin-token=…`, `TOKEN=…`, `password: …`. */
  assigned: {
    before: new RegExp(`${named}(?:\\\\?["'])?\\s{0,9}[:=]\\s{0,9}`, 'gi'),
    secret: /[^\s"'&;,)}\]\\[]+/y,
  },
  /** `--admin-token …`. */
  flag: { before: new RegExp(`(?<![\\w-])--?${name}\\s{1,9}`, 'gi'), secret: /[^\s"']+/y },
} satisfies Record<string, Declaration>
