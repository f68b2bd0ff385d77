import { createHash } from 'node:crypto';

/** A page of one file and the content security policy under which all of it works. */
export interface LandingPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

const DESCRIPTION =
  'Tells Prometheus what every container on this host uses and what the kernel really confines it to.';

const STYLE = `
:root { color-scheme: light dark; --accent: light-dark(#0b5cad, #7cc0ff); --line: light-dark(#d5dae1, #3a424d); }
body { margin: 0; font: 1rem/1.6 system-ui, sans-serif; background: light-dark(#fff, #14181d); color: light-dark(#1c232b, #e6eaee); }
header { border-bottom: 4px solid #0b5cad; border-bottom-color: var(--accent); }
header, main { padding: 2rem max(1.5rem, calc((100% - 44rem) / 2)); }
h1 { margin: 0; font-size: 2.25rem; letter-spacing: -0.02em; }
p { margin: 0.5rem 0 0; }
small { font-size: 0.875rem; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: 0.75rem 0; border-bottom: 1px solid #8888; border-bottom-color: var(--line); }
a { color: var(--accent); font-weight: 600; }
a:focus-visible { outline: 3px solid; outline-offset: 3px; }
`;

/** The page at `/`: what this is, which version, and where to go from here. */
export function landingPage(telemetryPath: string, version: string): LandingPage {
  const links = [
    link(telemetryPath, 'Metrics', 'what Prometheus scrapes'),
    link('/-/ready', 'Ready', 'whether the figures are current, and why not'),
    link('/-/healthy', 'Healthy', 'whether the process answers'),
  ];
  return {
    html: page(escapeHtml(version), links.join('\n')),
    contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  };
}

function page(version: string, links: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>confined</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>confined</h1>
<p>${DESCRIPTION}</p>
<p><small>Version ${version}</small></p>
</header>
<main>
<nav aria-label="Pages">
<ul>
${links}
</ul>
</nav>
</main>
</body>
</html>
`;
}

function link(path: string, text: string, description: string): string {
  return `<li><a href="${escapeHtml(encodeURI(path))}">${text}</a>: ${description}</li>`;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES.get(character) ?? '');
}
