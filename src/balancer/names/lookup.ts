import type { promises } from 'node:dns'
import { isIPv4 } from 'node:net'
import type { ResolverSettings } from '../config/resolver-settings.ts'
import { type NameAddresses, queryAddresses } from './dns-query.ts'
import { readHosts, textOf } from './hosts-file.ts'
import { LookupError } from './lookup-error.ts'
import { candidatesOf, searchRules } from './search-list.ts'
import { hasOtherSources, systemLookup } from './system-lookup.ts'

/** The files of the system that lookups read, at each lookup: they may change. */
export interface SystemFiles {
  readonly hosts: string
  readonly resolvConf: string
  readonly nsswitch: string
}

const systemFiles: SystemFiles = {
  hosts: '/etc/hosts',
  resolvConf: '/etc/resolv.conf',
  nsswitch: '/etc/nsswitch.conf',
}

/** Whether a name always is this host: RFC 6761, section 6.3. */
export function isLocalhost(host: string): boolean {
  return /^(.+\.)?localhost\.?$/i.test(host)
}

/** A lookup in progress. */
export interface Lookup {
  /** Rejects with a LookupError. */
  readonly addresses: Promise<NameAddresses>
  /** Ends its queries, which rejects it. */
  cancel(): void
}

/**
 * Looks up the addresses of a name: in the hosts file, then in DNS with the search domains of resolv.conf, then, where
 * the system has further sources, there. Each lookup has sockets of its own, so none waits for another.
 */
export function startLookup(
  host: string,
  settings: ResolverSettings,
  files: SystemFiles = systemFiles,
): Lookup {
  const listed = readHosts(files.hosts).get(host.toLowerCase().replace(/\.$/, ''))
  if (listed !== undefined) return known(listed)
  if (isLocalhost(host)) return known(['127.0.0.1', '::1'])
  const { Resolver } = process.getBuiltinModule('node:dns').promises
  // c-ares doubles the time of the second try, so that both fit.
  const tryMs = Math.max(1, Math.floor((settings.timeout * 1000) / 3))
  const resolver = new Resolver({ timeout: tryMs, tries: 2 })
  if (settings.servers !== undefined) resolver.setServers(settings.servers)
  const timer = setTimeout(() => resolver.cancel(), settings.timeout * 1000)
  return {
    addresses: search(host, { settings, files, resolver }).finally(() => clearTimeout(timer)),
    cancel: () => resolver.cancel(),
  }
}

function known(addresses: readonly string[]): Lookup {
  return { addresses: Promise.resolve(byFamily(addresses)), cancel: () => undefined }
}

function byFamily(addresses: readonly string[]): NameAddresses {
  return {
    v4: addresses.filter((address) => isIPv4(address)),
    v6: addresses.filter((address) => !isIPv4(address)),
    ttl: undefined,
  }
}

/** What a search needs besides the name. */
interface SearchOptions {
  readonly settings: ResolverSettings
  readonly files: SystemFiles
  readonly resolver: InstanceType<typeof promises.Resolver>
}

async function search(host: string, options: SearchOptions): Promise<NameAddresses> {
  const { settings, files, resolver } = options
  let error = new LookupError('name-not-found', `name not found: ${host}`)
  for (const name of candidatesOf(host, searchRules(textOf(files.resolvConf)))) {
    try {
      const found = await queryAddresses(resolver, name)
      if (found !== undefined) return found
    } catch (cause) {
      // A server that cannot answer for one search domain may know the next, as glibc assumes; a silent one uses up the time.
      error = cause as LookupError
      if (error.failureReason === 'lookup-timeout') break
    }
  }
  const mayAskSystem = settings.servers === undefined && error.failureReason !== 'lookup-timeout'
  if (!mayAskSystem || !hasOtherSources(files.nsswitch)) throw error
  const found = await systemLookup(host, settings.timeout)
  if (found === undefined) throw error
  return byFamily(found)
}
