import type { Row } from '../frame.js';
import { runbook } from '../links.js';
import { throttledShare, waiting } from '../resources.js';
import { ofContainer, rate } from '../selectors.js';
import { timeSeries } from '../time-series.js';

export function cpuAndMemory(): Row['panels'] {
  return [
    timeSeries({
      title: 'CPU',
      description:
        'CPU time of its programs (user) and of the kernel for them (system), in CPUs, and the limit.',
      unit: 'short',
      span: 12,
      style: 'stacked',
      limit: 'limit',
      queries: [
        { expr: rate(ofContainer('container_cpu_user_seconds_total')), legend: 'user' },
        { expr: rate(ofContainer('container_cpu_system_seconds_total')), legend: 'system' },
        { expr: ofContainer('container_cpu_limit_cores'), legend: 'limit' },
      ],
    }),
    timeSeries({
      title: 'CPU throttled',
      description: 'Share of the periods in which it used up its quota and had to wait.',
      unit: 'percentunit',
      span: 12,
      max: 1,
      noValue: 'It has no CPU limit.',
      links: [runbook('ConfinedCpuThrottled')],
      queries: [{ expr: throttledShare(ofContainer), legend: 'throttled' }],
    }),
    timeSeries({
      title: 'Memory',
      description:
        'Working set (in use, without the page cache that can be dropped at once), what its programs hold (rss), page cache, swap, and the limit.',
      unit: 'bytes',
      span: 12,
      limit: 'limit',
      links: [runbook('ConfinedMemoryNearLimit')],
      queries: [
        { expr: ofContainer('container_memory_working_set_bytes'), legend: 'working set' },
        { expr: ofContainer('container_memory_rss'), legend: 'rss' },
        { expr: ofContainer('container_memory_cache'), legend: 'cache' },
        { expr: ofContainer('container_memory_swap'), legend: 'swap' },
        { expr: `${ofContainer('container_spec_memory_limit_bytes')} > 0`, legend: 'limit' },
      ],
    }),
    timeSeries({
      title: 'Page faults',
      description: 'Pages that were asked for and not there; major: they had to be read from a disk.',
      unit: 'ops',
      span: 6,
      queries: [
        {
          expr: rate(ofContainer('container_memory_failures_total', 'scope="container"')),
          legend: '{{failure_type}}',
        },
      ],
    }),
    timeSeries({
      title: 'Waiting',
      description:
        'Share of the time in which some process waited for the resource: pressure stall information (PSI).',
      unit: 'percentunit',
      span: 6,
      noValue: 'The kernel of this host does not say (PSI is off).',
      links: [runbook('ConfinedPressureStalled')],
      queries: waiting(ofContainer),
    }),
  ];
}

export function networkAndDisks(): Row['panels'] {
  const interfaces = (counter: string): string => rate(ofContainer(counter));
  return [
    timeSeries({
      title: 'Network',
      description: 'Bytes received, and sent below the axis, by interface.',
      unit: 'Bps',
      span: 8,
      below: '.* sent',
      noValue: 'It has no network of its own.',
      queries: [
        { expr: interfaces('container_network_receive_bytes_total'), legend: '{{interface}} received' },
        { expr: interfaces('container_network_transmit_bytes_total'), legend: '{{interface}} sent' },
      ],
    }),
    timeSeries({
      title: 'Network: errors and drops',
      description: 'Packets that were lost, by interface.',
      unit: 'pps',
      span: 8,
      noValue: 'It has no network of its own.',
      queries: [
        {
          expr: interfaces('container_network_receive_errors_total'),
          legend: '{{interface}} receive errors',
        },
        { expr: interfaces('container_network_transmit_errors_total'), legend: '{{interface}} send errors' },
        {
          expr: interfaces('container_network_receive_packets_dropped_total'),
          legend: '{{interface}} received and dropped',
        },
        {
          expr: interfaces('container_network_transmit_packets_dropped_total'),
          legend: '{{interface}} dropped when sent',
        },
      ],
    }),
    timeSeries({
      title: 'Disks',
      description: 'Bytes read from block devices, and written below the axis, by device.',
      unit: 'Bps',
      span: 8,
      below: '.* written',
      noValue: 'It has used no block device that the kernel counts.',
      queries: [
        { expr: rate(ofContainer('container_fs_reads_bytes_total')), legend: '{{device}} read' },
        { expr: rate(ofContainer('container_fs_writes_bytes_total')), legend: '{{device}} written' },
      ],
    }),
  ];
}

export function processes(): Row['panels'] {
  return [
    timeSeries({
      title: 'Processes and threads',
      description: 'How many there are, and the limit on both together.',
      unit: 'short',
      span: 8,
      decimals: 0,
      limit: 'limit',
      links: [runbook('ConfinedPidsNearLimit')],
      queries: [
        { expr: ofContainer('container_processes'), legend: 'processes' },
        { expr: ofContainer('container_threads'), legend: 'threads' },
        { expr: `${ofContainer('container_threads_max')} > 0`, legend: 'limit' },
      ],
    }),
    timeSeries({
      title: 'Open files and sockets',
      description: 'File descriptors of all its processes, and how many of them are sockets.',
      unit: 'short',
      span: 8,
      decimals: 0,
      noValue: "They can be counted by root or the container's own user only.",
      queries: [
        { expr: ofContainer('container_file_descriptors'), legend: 'descriptors' },
        { expr: ofContainer('container_sockets'), legend: 'sockets' },
      ],
    }),
    timeSeries({
      title: 'States',
      description:
        'What its threads do: iowaiting and uninterruptible ones wait for a disk or a lock of the kernel.',
      unit: 'short',
      span: 8,
      decimals: 0,
      style: 'stacked',
      queries: [{ expr: ofContainer('container_tasks_state'), legend: '{{state}}' }],
    }),
  ];
}
