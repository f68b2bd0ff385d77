import { request } from 'node:http';

export interface JsonReply {
  readonly status: number;
  readonly body: unknown;
}

/** One request to an HTTP server on a unix socket; the body as JSON, or as text where it is none. */
export async function getJson(socketPath: string, path: string, method = 'GET'): Promise<JsonReply> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString('utf8')) });
      });
    });
    sent.on('error', reject).end();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
