/** Tools whose findings are secrets; everybody else does static analysis. */
const SECRET_TOOLS = /^(?:gitleaks|betterleaks|trufflehog|secretlint|detect-secrets)\b/i;

export const isSecretTool = (name: string): boolean => SECRET_TOOLS.test(name.trim());
