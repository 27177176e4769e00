/** The first words of the lines that the script prints: wrk prints its own report before them. */
export const wrkLines = {
  closed: 'lb-closed',
  summary: 'lb-summary',
  latency: 'lb-latency',
} as const

/**
 * The Lua script of a run of wrk. It sends these bytes and no others, so that wrk sends the same request as every other
 * driver. At the end it prints that the window has closed, waits for a line on its standard input, while which its costs
 * can be read, and prints its counts and each latency in µs with its count: the whole distribution.
 *
 * Source: https://github.com/wg/wrk/blob/4.1.0/SCRIPTING and src/wrk.lua: `wrk.init` calls `init`, then `wrk.format`
 * once, and all requests are the text that it returns.
 */
export function wrkScript(request: Buffer): string {
  return `local bytes = "${luaString(request)}"

function init()
  wrk.format = function() return bytes end
end

function done(summary, latency)
  io.write("${wrkLines.closed}\\n")
  io.flush()
  io.read()
  local errors = summary.errors
  io.write(string.format("${wrkLines.summary} %d %d %d %d %d %d %d\\n", summary.duration, summary.requests,
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
  for i = 1, #latency do
    local value, count = latency(i)
    io.write(string.format("${wrkLines.latency} %d %d\\n", value, count))
  end
end
`
}

/** The bytes as the inside of a Lua string: three digits for each that is no letter, digit or space. */
function luaString(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^\w ]/g, (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`)
}
