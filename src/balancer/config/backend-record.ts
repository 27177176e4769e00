/** Options of a backend besides its address and weight. */
export interface BackendOptions {
  /** Version of the PROXY protocol header with which connections to it begin. */
  readonly proxyProtocol?: 'v1' | 'v2' | undefined
  /** The zone that it runs in. */
  readonly zone?: string | undefined
  /** It gets requests only while no other backend is healthy. */
  readonly backup?: boolean | undefined
}

/** A backend without its weight. */
export interface BackendRecord extends BackendOptions {
  readonly url: string
}

/** A backend as one text, which all threads share: its URL, and a line for each option. */
export function recordOf({ url, proxyProtocol, zone, backup }: BackendRecord): string {
  const options = [
    proxyProtocol && `proxy=${proxyProtocol}`,
    zone && `zone=${zone}`,
    backup === true && 'backup=true',
  ]
  return [url, ...options.filter((option) => typeof option === 'string')].join('\n')
}

/** Reads the text that `recordOf` made. */
export function readRecord(text: string): BackendRecord {
  const [url = '', ...lines] = text.split('\n')
  const options = new Map(lines.map((line) => line.split('=', 2) as [string, string]))
  const proxy = options.get('proxy')
  return {
    url,
    proxyProtocol: proxy === 'v1' || proxy === 'v2' ? proxy : undefined,
    zone: options.get('zone'),
    backup: options.has('backup'),
  }
}
