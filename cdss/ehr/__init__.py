"""The EHR's door: CDS Hooks calls, the chart behind them, cards, trust, and SMART App Launch."""
