/** A setting of the kernel or of the shell that tuning guides change. lb reads it and never changes it. */
export interface HostSetting {
  readonly name: string
  readonly advice: string
  readonly source: string
  /** Its name for sysctl(8); without one it is the limit of open files of the shell. */
  readonly sysctl?: string
  /** The value that guides advise. */
  readonly advised: string
}

/**
 * The advice of tuning guides about the host. Every sysctl here belongs to a network namespace: a user can change and measure it
 * in one of their own, without root. tcp_tw_recycle, which many lists still have, is gone since Linux 4.12.
 */
export const hostSettings: readonly HostSetting[] = [
  {
    name: 'open-files',
    advice: 'Raise the limit of open files: each request takes two.',
    source: 'getrlimit(2); nginx: "worker_rlimit_nofile"',
    advised: '65536',
  },
  {
    name: 'port-range',
    advice: 'Widen the range of local ports: each connection to a backend takes one.',
    source: 'ip(7); most lists of sysctls',
    sysctl: 'net.ipv4.ip_local_port_range',
    advised: '1024 65535',
  },
  {
    name: 'somaxconn',
    advice: 'Raise the limit of the accept queue, and the backlog of the server with it.',
    source: 'listen(2); most lists of sysctls',
    sysctl: 'net.core.somaxconn',
    advised: '65535',
  },
  {
    name: 'syn-backlog',
    advice: 'Raise the number of half-open connections.',
    source: 'tcp(7); most lists of sysctls',
    sysctl: 'net.ipv4.tcp_max_syn_backlog',
    advised: '65535',
  },
  {
    name: 'receive-buffers',
    advice: 'Raise the limit of receive buffers.',
    source: 'tcp(7); most lists of sysctls',
    sysctl: 'net.ipv4.tcp_rmem',
    advised: '4096 87380 16777216',
  },
  {
    name: 'send-buffers',
    advice: 'Raise the limit of send buffers.',
    source: 'tcp(7); most lists of sysctls',
    sysctl: 'net.ipv4.tcp_wmem',
    advised: '4096 65536 16777216',
  },
  {
    name: 'fast-open',
    advice: 'Enable TCP Fast Open for clients and servers.',
    source: 'RFC 7413; most lists of sysctls',
    sysctl: 'net.ipv4.tcp_fastopen',
    advised: '3',
  },
  {
    name: 'time-wait-reuse',
    advice: 'Use ports in TIME_WAIT again for outgoing connections.',
    source: 'ip-sysctl.rst; most lists of sysctls',
    sysctl: 'net.ipv4.tcp_tw_reuse',
    advised: '1',
  },
  {
    name: 'fin-timeout',
    advice: 'Shorten the time of FIN-WAIT-2.',
    source: 'tcp(7); most lists of sysctls',
    sysctl: 'net.ipv4.tcp_fin_timeout',
    advised: '15',
  },
]

/** The command that changes a setting. It is printed, never run. */
export function changeCommand({ sysctl, advised }: HostSetting): string {
  return sysctl === undefined ? `ulimit -n ${advised}` : `sudo sysctl -w ${sysctl}='${advised}'`
}

/** A command in a shell that has the setting, without root: sysctls in a network namespace of its own, which the host does not see. */
export function measureCommand(setting: HostSetting, command: string): string {
  const { sysctl, advised } = setting
  if (sysctl === undefined) return `sh -c 'ulimit -n ${advised} && ${command}'`
  const change = `sysctl -qw "${sysctl}=${advised}"`
  return `unshare --map-root-user --net sh -c 'ip link set lo up && ${change} && ${command}'`
}
