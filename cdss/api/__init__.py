"""The HTTP door. One file a resource; errors become problem documents in ``problems`` and nowhere else."""
