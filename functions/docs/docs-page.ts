/**
 * The page of the viewer, with its Content-Security-Policy: it loads nothing from elsewhere, no text becomes code, and
 * it calls this API alone.
 */
export function docsPage({ nonce }: { nonce: string }): { content: string; csp: string } {
  const content = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>WhatsApp Bots: the API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`;
  const csp = [
    "default-src 'none'",
    "img-src 'self' data:",
    "style-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { content, csp };
}

/** `validatorUrl` would send the document to somebody else's server. */
const SCRIPT = `
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;
