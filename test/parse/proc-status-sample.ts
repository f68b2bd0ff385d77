/** The first process of a default container, read from the host (Linux 6.18), shortened. */
export const CONTAINER = `Name:	nginx
Umask:	0022
State:	S (sleeping)
Tgid:	4711
Ngid:	0
Pid:	4711
PPid:	4688
TracerPid:	0
Uid:	0	0	0	0
Gid:	0	0	0	0
FDSize:	64
Groups:	 
NStgid:	4711	1
NSpid:	4711	1
NSpgid:	4711	1
NSsid:	4711	1
Kthread:	0
VmPeak:	    5004 kB
VmRSS:	    2032 kB
Threads:	3
SigQ:	0/96365
SigCgt:	0000000000014002
CapInh:	0000000000000000
CapPrm:	00000000a80425fb
CapEff:	00000000a80425fb
CapBnd:	00000000a80425fb
CapAmb:	0000000000000000
NoNewPrivs:	1
Seccomp:	2
Seccomp_filters:	1
Speculation_Store_Bypass:	thread vulnerable
Cpus_allowed:	3
nonvoluntary_ctxt_switches:	0
`;
const DEFAULT_MASK = 0xa80425fbn;
/** What it says. */
export const CONTAINER_FIELDS = {
  name: 'nginx',
  state: 'S',
  tgid: 4711,
  ppid: 4688,
  uid: { real: 0, effective: 0, saved: 0, filesystem: 0 },
  gid: { real: 0, effective: 0, saved: 0, filesystem: 0 },
  namespacePids: [4711, 1],
  threads: 3,
  capabilities: {
    inheritable: 0n,
    permitted: DEFAULT_MASK,
    effective: DEFAULT_MASK,
    bounding: DEFAULT_MASK,
    ambient: 0n,
  },
  noNewPrivileges: true,
  seccompMode: 2,
  seccompFilters: 1,
};
/** A status of which nothing is known. */
export const NOTHING = {
  name: undefined,
  state: undefined,
  tgid: undefined,
  ppid: undefined,
  uid: undefined,
  gid: undefined,
  namespacePids: undefined,
  threads: undefined,
  capabilities: {
    inheritable: undefined,
    permitted: undefined,
    effective: undefined,
    bounding: undefined,
    ambient: undefined,
  },
  noNewPrivileges: undefined,
  seccompMode: undefined,
  seccompFilters: undefined,
};
