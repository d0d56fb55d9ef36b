namespace Gateway.Core.Telemetry;

#pragma warning disable CS1591 // the values are the words of the catalogue; TelemetryNames spells them and MetricLabels says which metric carries them

/// <summary>Where the gateway's own time goes. <see cref="Total"/> is the whole and stands beside its parts: always filter by phase.</summary>
public enum OverheadPhase : byte { Admission, Read, Parse, RequestGuards, Reserve, ResponseGuards, Settle, Total }

/// <summary>Which limit was asked.</summary>
public enum LimitKind : byte { Requests, TokensMinute, TokensDay, Concurrency, Budget, UserRequests, Tool }

/// <summary>What a limit said.</summary>
public enum LimitDecision : byte { Allowed, Denied, Degraded }

/// <summary>How one attempt at a provider ended. <see cref="Retried"/> and <see cref="Fallback"/> count failed attempts that were followed by another.</summary>
public enum UpstreamResult : byte { Success, Error, Timeout, Retried, Fallback }

/// <summary>Why streamed bytes were held.</summary>
public enum HoldbackReason : byte { TextWindow, ToolCall, Usage }

/// <summary>Why the gateway ended a stream.</summary>
public enum CutReason : byte { Violation, Budget, GuardError, Timeout, SlowClient, Override }

/// <summary>Which way bytes or tokens went.</summary>
public enum TrafficDirection : byte { Request, Response }

/// <summary>What happened to bytes on their way: <c>delivered = inspected + exempt</c>, always.</summary>
public enum CoverageState : byte { Delivered, Inspected, Exempt }

/// <summary>What came of a policy load.</summary>
public enum PolicyLoadResult : byte { Success, Rejected }

/// <summary>What an override stops or tightens, in a word. <see cref="Tenant"/> also stands for a tenant's application or key, and for everything.</summary>
public enum OverrideClass : byte { Tool, Tenant, User, Model, Pattern, Host, ThirdParty, Threshold, Mode }

/// <summary>Where decision records go.</summary>
public enum RecordSink : byte { Store, Seq, Otlp, File }

/// <summary>What became of a decision record at a sink.</summary>
public enum RecordResult : byte { Written, Dropped, Failed }

/// <summary>The kinds of telemetry that can be lost.</summary>
public enum TelemetrySignal : byte { Span, Log, Metric, Record }

/// <summary>Why telemetry was lost.</summary>
public enum DropReason : byte { QueueFull, ExporterError, Oversize }

/// <summary>Kinds of tokens. Cache and reasoning tokens are parts of input and output: never sum over the type.</summary>
public enum TokenType : byte { Input, Output, CacheRead, CacheWrite, Reasoning }

/// <summary>Why an exchange has no usage from the provider.</summary>
public enum UsageMissing : byte { Cut, Cancelled, NotReported, Unparsable }

/// <summary>Why a guard let traffic pass unchecked.</summary>
public enum FailOpenReason : byte { Timeout, Exception, Unavailable, Overload, Budget }

/// <summary>Why a guard did not run.</summary>
public enum SkipReason : byte { Off, Cached, EarlierBlock, NotApplicable, Unsupported }

/// <summary>The labels whose values come from configuration or traffic and are therefore capped.</summary>
public enum CappedLabel : byte { Tenant, Model, Cluster }
